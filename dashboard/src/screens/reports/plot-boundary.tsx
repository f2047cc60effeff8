import { Component, type ReactNode } from "react";
import { t } from "@/lib/words";

/** A plot that cannot be loaded or drawn takes nothing else along: its figures are in the table. */
export class PlotBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <p role="status" className="py-8 text-center text-sm text-quiet">{t("reports.noPlot")}</p> : this.props.children;
  }
}
