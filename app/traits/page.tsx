import type { Metadata } from "next";
import { TraitList } from "#components/traits/list/trait-list.tsx";

export const metadata: Metadata = { title: "Traits" };

export default function TraitsPage() {
  return <TraitList />;
}
