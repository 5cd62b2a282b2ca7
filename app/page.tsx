import { ExperimentList } from "#components/runs/experiment-list.tsx";

export default function Home() {
  return (
    <>
      <h1 className="font-semibold text-2xl">Trait vectors you can trust</h1>
      <p className="mt-1 mb-5 max-w-prose text-muted">
        Write contrasting prompts, let a model answer them, read its hidden states, and see whether the
        direction you found really causes the behaviour.
      </p>
      <ExperimentList />
    </>
  );
}
