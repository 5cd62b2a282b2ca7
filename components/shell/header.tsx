import Link from "next/link";
import { SchemeToggle } from "#components/ui/scheme-toggle.tsx";

const pages = [
  ["/", "Experiments"],
  ["/traits", "Traits"],
  ["/caa", "CAA"],
  ["/refinery", "Refinery"],
  ["/steer", "Steer"],
  ["/monitor", "Monitor"],
  ["/settings/device", "Device"],
] as const;

export function Header() {
  return (
    <header className="border-b bg-surface">
      <div className="mx-auto flex max-w-[1440px] flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2">
        <Link href="/" className="flex items-center gap-2 font-semibold text-lg">
          <Mark />
          Tiller
        </Link>
        <nav
          aria-label="Main"
          className="order-last flex w-full flex-wrap gap-x-4 text-sm sm:order-none sm:w-auto sm:flex-1"
        >
          {pages.map(([href, title]) => (
            <Link key={href} href={href} className="py-1 hover:text-accent">
              {title}
            </Link>
          ))}
        </nav>
        <SchemeToggle />
      </div>
    </header>
  );
}

/** A vector leaving the origin: one direction among two axes. */
function Mark() {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-6 text-accent"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    >
      <path d="M4 3v17h17" strokeOpacity="0.45" />
      <path d="M4 20 18 6M11 6h7v7" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
