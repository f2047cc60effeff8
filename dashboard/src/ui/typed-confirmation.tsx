import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Input } from "./field.tsx";

interface TypedConfirmationProps {
  /** The button that asks. */
  name: ReactNode;
  title: string;
  description: string;
  /** What has to be typed before it can be done. */
  word: string;
  pending: boolean;
  size?: "usual" | "small";
  onConfirm: () => void;
}

/** For what cannot be undone. */
export const TypedConfirmation = ({ name, title, description, word, pending, size = "usual", onConfirm }: TypedConfirmationProps) => {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  return (
    <>
      <Button kind="danger" size={size} onClick={() => setOpen(true)}>{name}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={title} description={description}>
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); if (typed === word) onConfirm(); }}>
          <Input aria-label={word} value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" />
          <Button kind="danger" type="submit" disabled={typed !== word || pending}>{name}</Button>
        </form>
      </Dialog>
    </>
  );
};
