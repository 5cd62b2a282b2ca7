import Link from "next/link";

const tabs = ["Vectors", "Steering", "Report"] as const;

/** Title line of an experiment's result pages, with the way between them. */
export function ExperimentHeading({ experiment, page }: { experiment: string; page: (typeof tabs)[number] }) {
  return (
    <header className="mb-4 flex flex-wrap items-end justify-between gap-3">
      <h1 className="font-semibold text-2xl">
        <Link href={`/experiments/${experiment}`} className="text-accent underline underline-offset-4">
          {experiment}
        </Link>{" "}
        · {page}
      </h1>
      <nav aria-label="Results" className="flex gap-1 text-sm">
        {tabs.map((tab) => (
          <Link
            key={tab}
            href={`/experiments/${experiment}/${tab.toLowerCase()}`}
            aria-current={tab === page ? "page" : undefined}
            className="rounded-md border px-3 py-1 hover:bg-raised aria-[current=page]:border-accent aria-[current=page]:text-accent"
          >
            {tab}
          </Link>
        ))}
      </nav>
    </header>
  );
}
