import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { callQuery } from "@/api/queries";
import { t } from "@/lib/words";
import { TypedConfirmation } from "@/ui/typed-confirmation";

/** The audio goes for good, at Twilio too; what was said and found in it stays. */
export const DeleteRecording = ({ call }: { call: string }) => {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => ok(api.DELETE("/api/calls/{id}/recording", { params: { path: { id: call } } })),
    onSuccess: async () => {
      toast(t("call.deleting"));
      await queryClient.invalidateQueries(callQuery(call));
    },
    onError: (error) => toast.error(error.message),
  });
  return <TypedConfirmation name={<><Trash2 size={16} />{t("call.delete")}</>} title={t("call.deleteTitle")} description={t("call.deleteWhy", { word: t("call.deleteWord") })} word={t("call.deleteWord")} pending={remove.isPending} onConfirm={() => remove.mutate()} />;
};
