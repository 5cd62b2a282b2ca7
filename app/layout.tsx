import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Header } from "#components/shell/header.tsx";
import { Providers } from "#components/shell/providers.tsx";
import { schemeScript } from "#components/ui/scheme-toggle.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Tiller", template: "%s · Tiller" },
  description: "Build, check and use trait vectors: directions in a language model's hidden states.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant; it must run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: schemeScript }} />
      </head>
      <body>
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
        >
          Skip to content
        </a>
        <Header />
        <main id="main" className="mx-auto w-full max-w-[1440px] px-4 py-5">
          <Providers>{children}</Providers>
        </main>
      </body>
    </html>
  );
}
