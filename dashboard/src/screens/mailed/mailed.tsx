import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { api, ApiProblem, ok } from "@/api/client";
import { beginSession, SESSION_HEADERS } from "@/api/session";
import { t } from "@/lib/words";
import "@/lib/words/settings";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";

/** Behind the `#`, where no server, log or Referer sees it; taken out of the address, so that it is in no history either. */
const takeToken = (): string => {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
  if (token !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
};
const useToken = (): string => useState(takeToken)[0];

const Frame = ({ title, why, children }: { title: string; why?: string; children: ReactNode }) => (
  <main className="grid min-h-dvh place-items-center p-4">
    <div className="grid w-full max-w-sm gap-5">
      <header className="grid justify-items-center gap-3 text-center">
        <span aria-hidden className="grid size-11 place-items-center rounded-xl bg-accent text-lg font-bold text-accent-text">A</span>
        <h1 className="text-xl font-semibold">{title}</h1>
        {why !== undefined && <p className="text-sm text-quiet">{why}</p>}
      </header>
      <div className="grid gap-4 rounded-xl border bg-surface p-5 text-sm">{children}</div>
    </div>
  </main>
);

const ToSignIn = () => <Button asChild kind="main"><Link to="/sign-in">{t("sign.in")}</Link></Button>;
const fieldError = (error: unknown, field: string): string | undefined => (error instanceof ApiProblem ? error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);

export const Verify = () => {
  const token = useToken();
  const { isSuccess, error } = useQuery({ queryKey: ["verify", token], queryFn: async () => ok(api.POST("/api/auth/verify", { body: { token } })).then(() => true), enabled: token !== "", retry: false, staleTime: Infinity });
  return (
    <Frame title={t("settings.mailed.verify")}>
      {token === "" ? <p>{t("settings.mailed.noToken")}</p> : error !== null ? <Problem error={error} /> : <p role="status">{t(isSuccess ? "settings.mailed.verified" : "settings.mailed.verifying")}</p>}
      <Button asChild kind="main"><Link to="/">{t("settings.mailed.goOn")}</Link></Button>
    </Frame>
  );
};

export const Forgot = () => {
  const [email, setEmail] = useState("");
  const send = useMutation({ mutationFn: async () => ok(api.POST("/api/auth/password/forgot", { body: { email } })) });
  return (
    <Frame title={t("settings.mailed.forgotTitle")} why={t("settings.mailed.forgotWhy")}>
      {send.isSuccess ? <p role="status">{t("settings.mailed.sent")}</p> : (
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); send.mutate(); }}>
          <Field label={t("sign.email")} error={fieldError(send.error, "email")}>{(props) => <Input required type="email" autoComplete="username" value={email} onChange={({ target }) => setEmail(target.value)} {...props} />}</Field>
          <Button kind="main" type="submit" disabled={send.isPending}>{t("settings.mailed.send")}</Button>
          {send.isError && <Problem error={send.error} />}
        </form>
      )}
      <Link to="/sign-in" className="text-center text-[13px] text-quiet underline underline-offset-4">{t("sign.back")}</Link>
    </Frame>
  );
};

export const Reset = () => {
  const token = useToken();
  const [password, setPassword] = useState("");
  const set = useMutation({ mutationFn: async () => ok(api.POST("/api/auth/password/reset", { body: { token, password } })) });
  return (
    <Frame title={t("settings.mailed.reset")}>
      {token === "" && <p>{t("settings.mailed.noToken")}</p>}
      {set.isSuccess && <><p role="status">{t("settings.mailed.isSet")}</p><ToSignIn /></>}
      {token !== "" && !set.isSuccess && (
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); set.mutate(); }}>
          <Field label={t("settings.account.new")} hint={t("sign.hint")} error={fieldError(set.error, "password")}>{(props) => <Input required type="password" minLength={12} autoComplete="new-password" value={password} onChange={({ target }) => setPassword(target.value)} {...props} />}</Field>
          <Button kind="main" type="submit" disabled={set.isPending}>{t("settings.mailed.set")}</Button>
          {set.isError && <Problem error={set.error} />}
        </form>
      )}
    </Frame>
  );
};

export const Invitation = () => {
  const token = useToken();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const join = useMutation({
    mutationFn: async () => ok(api.POST("/api/auth/accept-invitation", { body: { token, password, ...(name.trim() === "" ? {} : { name: name.trim() }) }, headers: SESSION_HEADERS })),
    onSuccess: async (session) => {
      beginSession(session);
      await navigate({ to: "/", replace: true });
    },
  });
  return (
    <Frame title={t("settings.mailed.invitation")} why={t("settings.mailed.invitationWhy")}>
      {token === "" ? <p>{t("settings.mailed.noToken")}</p> : (
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); join.mutate(); }}>
          <Field label={t("sign.name")}>{(props) => <Input autoComplete="name" maxLength={120} value={name} onChange={({ target }) => setName(target.value)} {...props} />}</Field>
          <Field label={t("sign.password")} hint={t("sign.hint")} error={fieldError(join.error, "password")}>{(props) => <Input required type="password" minLength={12} autoComplete="new-password" value={password} onChange={({ target }) => setPassword(target.value)} {...props} />}</Field>
          <Button kind="main" type="submit" disabled={join.isPending}>{t("settings.mailed.join")}</Button>
          {join.isError && <Problem error={join.error} />}
        </form>
      )}
    </Frame>
  );
};
