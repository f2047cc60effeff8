import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface TabsProps {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  tabs: readonly { value: string; title: ReactNode; content: ReactNode }[];
}

/** One of several views of the same thing; arrow keys go along them. Only the chosen one is rendered. */
export const Tabs = ({ label, value, onValueChange, tabs }: TabsProps) => (
  <Radix.Root value={value} onValueChange={onValueChange} className="grid gap-4">
    <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b">
      {tabs.map((tab) => (
        <Radix.Trigger key={tab.value} value={tab.value} className="min-h-10 shrink-0 border-b-2 border-transparent px-3 text-sm text-quiet hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text">
          {tab.title}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map((tab) => <Radix.Content key={tab.value} value={tab.value} className="min-w-0 outline-none">{tab.content}</Radix.Content>)}
  </Radix.Root>
);
