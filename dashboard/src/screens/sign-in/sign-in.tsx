import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { api, ApiProblem, ok } from "@/api/client";
import { beginSession } from "@/api/session";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";

interface Credentials {
  email: string;
  password: string;
  name: string;
}

/** The refresh token goes into the cookie, out of scripts' reach. */
const headers = { "X-Apex-Session": "cookie" };

export const SignIn = () => {
  const { to, new: isNew = false } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const router = useRouter();
  const { register, handleSubmit } = useForm<Credentials>();
  const enter = useMutation({
    mutationFn: async ({ email, password, name }: Credentials) =>
      ok(isNew ? api.POST("/api/auth/signup", { body: { email, password, ...(name === "" ? {} : { name }) }, headers }) : api.POST("/api/auth/login", { body: { email, password }, headers })),
    onSuccess: async (session) => {
      beginSession(session);
      if (to === undefined) await navigate({ to: "/", replace: true });
      else router.history.replace(to);
    },
  });
  const errorOf = (field: keyof Credentials): string | undefined => (enter.error instanceof ApiProblem ? enter.error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-6 grid justify-items-center gap-3 text-center">
          <span aria-hidden className="grid size-11 place-items-center rounded-xl bg-accent text-lg font-bold text-accent-text">A</span>
          <h1 className="text-xl font-semibold">{t(isNew ? "sign.upTitle" : "sign.title")}</h1>
          <p className="text-sm text-quiet">{t("sign.why")}</p>
        </div>
        <form className="grid gap-4 rounded-xl border bg-surface p-5" onSubmit={(event) => void handleSubmit((values) => enter.mutate(values))(event)}>
          {isNew && <Field label={t("sign.name")} error={errorOf("name")}>{(props) => <Input autoComplete="name" maxLength={120} {...props} {...register("name")} />}</Field>}
          <Field label={t("sign.email")} error={errorOf("email")}>{(props) => <Input type="email" autoComplete="username" required {...props} {...register("email")} />}</Field>
          <Field label={t("sign.password")} {...(isNew ? { hint: t("sign.hint") } : {})} error={errorOf("password")}>
            {(props) => <Input type="password" autoComplete={isNew ? "new-password" : "current-password"} required minLength={isNew ? 12 : 1} {...props} {...register("password")} />}
          </Field>
          <Button kind="main" type="submit" disabled={enter.isPending}>{t(isNew ? "sign.up" : "sign.in")}</Button>
          {enter.isError && <Problem error={enter.error} />}
          {!isNew && <Link to="/forgot" className="text-center text-[13px] text-quiet underline underline-offset-4">{t("sign.forgot")}</Link>}
        </form>
        <p className="mt-4 text-center text-sm">
          <Link to="/sign-in" search={{ ...(to === undefined ? {} : { to }), new: !isNew }} className="text-accent underline underline-offset-4">{t(isNew ? "sign.toIn" : "sign.toUp")}</Link>
        </p>
      </div>
    </main>
  );
};
