import type { Metadata } from "next";
import { DeviceView } from "#components/settings/device-view.tsx";

export const metadata: Metadata = { title: "Device" };

export default function DevicePage() {
  return <DeviceView />;
}
