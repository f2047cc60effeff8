import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { refreshSession, useSession } from "@/api/session";
import { Skeleton } from "@/ui/panel";

/** Shows its children to whoever is signed in; others go to the sign-in page, and come back from it to where they wanted to be. */
export const SignedIn = ({ children }: { children: ReactNode }) => {
  const session = useSession();
  const router = useRouter();
  useEffect(() => {
    if (session.kind === "unknown") void refreshSession();
    if (session.kind === "out") void router.navigate({ to: "/sign-in", search: { to: router.latestLocation.href }, replace: true });
  }, [session.kind, router]);
  if (session.kind !== "in") return <div className="grid gap-4 p-6"><Skeleton className="h-10 w-60" /><Skeleton className="h-64" /></div>;
  return children;
};
