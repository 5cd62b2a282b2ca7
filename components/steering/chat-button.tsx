import { MessageSquare } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { chatHref } from "#lib/client/chat-link.ts";
import type { Setting } from "#lib/pipeline/steering-view.ts";

interface ChatButtonProps {
  experiment: string;
  trait: string;
  setting: Pick<Setting, "method" | "layer" | "coef">;
}

/** The chat page with this vector at this strength. */
export function ChatButton({ experiment, trait, setting: { method, layer, coef } }: ChatButtonProps) {
  return (
    <Button asChild>
      <Link href={chatHref({ experiment, trait, method, layer, coef })} prefetch={false}>
        <MessageSquare size={16} aria-hidden /> Try in chat
      </Link>
    </Button>
  );
}
