import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { projectsQuery } from "@/api/queries";
import { SignedIn } from "@/shell/signed-in";
import { SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const Projects = () => {
  const { data, error, refetch } = useQuery(projectsQuery);
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows />;
  const [first] = data.items;
  return first === undefined ? <Navigate to="/new" replace /> : <Navigate to="/$project/now" params={{ project: first.project_id }} replace />;
};

/** Where somebody lands: on their business, or where they add one. */
export const Home = () => (
  <SignedIn>
    <main className="grid min-h-dvh place-items-center p-4"><Projects /></main>
  </SignedIn>
);
