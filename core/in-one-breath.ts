/**
 * Joins what is asked in one breath, before anything else is done, into one question.
 * @param ask answers any number of them, in their order
 * @returns asks for one of them; fails as the question that it was part of
 */
export const inOneBreath = <Question, Answer>(ask: (questions: Question[]) => Promise<Answer[]>): ((question: Question) => Promise<Answer>) => {
  let open: { questions: Question[]; answers: Promise<Answer[]> } | null = null;
  return async (question) => {
    if (open === null) {
      const questions: Question[] = [];
      const answers = Promise.resolve().then(async () => {
        open = null;
        return ask(questions);
      });
      open = { questions, answers };
    }
    const place = open.questions.push(question) - 1;
    const answer = (await open.answers)[place];
    if (answer === undefined) throw new Error("fewer answers than questions");
    return answer;
  };
};
