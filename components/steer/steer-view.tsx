"use client";
import { Chat } from "./chat.tsx";
import { WithSteerables } from "./with-steerables.tsx";

/** Baseline and steered answers side by side, as the vectors' strengths are moved. */
export function SteerView() {
  return (
    <WithSteerables purpose="its vectors can then be tried here, on any text">
      {(all) => <Chat all={all} />}
    </WithSteerables>
  );
}
