// A site with something of everything, for tests that look at all pages.
import { expect, type Page, test } from "@playwright/test";
import { unique } from "./accounts";
import { picture } from "./picture";
import { dureOn } from "./server";
import { Visitor } from "./visitor";
import { at, type Language } from "./words";

/** A page to look at, and who looks. */
export interface View {
  name: string;
  path: string;
  as: "nobody" | "creator" | "backer" | "operator";
}

export interface Stage {
  creator: Visitor;
  backer: Visitor;
  operator: Visitor;
  /** The slug of a live project. */
  live: string;
  views(language: Language): View[];
}

const STORY = `# 왜 만드나요

처음에는 **작은 공방**이었어요. [두레](https://dure.example)에서 함께 만들어요.

- 흙을 고르고
- 물레를 돌리고

> 오래 쓸수록 고와지는 그릇

### 일정

| 달 | 하는 일 |
|--|--|
| 3월 | 빚기 |
| 4월 | 굽기 |

\`\`\`
흙 → 물레 → 가마
\`\`\`

<script>document.title = "broken"</script>
${"가나다라마바사아자차카타파하".repeat(8)}`;

/** `data` is the server's folder. */
export async function aStage(url: string, data: string): Promise<Stage> {
  const [creator, backer, operator] = await Promise.all([1, 2, 3].map(() => Visitor.member(url)));
  const granted = await dureOn(data, "admin", "grant", await operator.handle(), "operator");
  expect(granted.code, granted.output).toBe(0);
  const rewards = [
    { title: "찻잔 하나", price: 30_000, stock: 10 },
    { title: "마지막 한 벌", price: 90_000, stock: 1 },
    { title: "다기 한 벌과 아주 긴 이름을 가진 리워드 ".repeat(2).trim(), price: 1_250_000 },
  ];
  const live = await creator.project(
    { title: `오래 쓰는 백자 찻잔과 <b>다기</b> ${unique()}`, story: STORY, goal: 1_000_000 },
    rewards,
  );
  await creator.uploadCover(live, picture());
  const pledge = await backer.back(live, { reward: "마지막 한 벌", extra: 5_000 });
  const draft = await creator.draft({ title: `아직 쓰고 있는 이야기 ${unique()}`, goal: 500_000 }, rewards);
  const wrong = { title: " ", summary: "요약", goal: "-5", deadline: "2020-01-01", story: STORY, category: "art" };
  const refused: Record<Language, string> = { ko: "", en: "" };
  const card: Record<Language, string> = { ko: "", en: "" };
  for (const language of ["ko", "en"] as const) {
    refused[language] = (await creator.trySend(at(language, "/studio/new"), "/create_project", wrong)).url;
    const checkout = at(language, `/projects/${live}/pledge`);
    card[language] = await backer.toCardPage(checkout, { reward: "찻잔 하나" });
  }
  const [mail] = await backer.mails();
  const handle = await creator.handle();
  const views = (language: Language): View[] =>
    [
      { name: "home", path: "/", as: "nobody" as const },
      { name: "discover", path: "/discover", as: "nobody" as const },
      { name: "discover, nothing found", path: "/discover?q=zzzz", as: "nobody" as const },
      { name: "project", path: `/projects/${live}`, as: "nobody" as const },
      { name: "person", path: `/people/${handle}`, as: "nobody" as const },
      { name: "sign up", path: "/signup", as: "nobody" as const },
      { name: "mail sent", path: "/signup?sent=1", as: "nobody" as const },
      { name: "log in", path: "/login", as: "nobody" as const },
      { name: "the terms", path: "/terms", as: "nobody" as const },
      { name: "what is done with data", path: "/privacy", as: "nobody" as const },
      { name: "find ID", path: "/find-id", as: "nobody" as const },
      { name: "reset password", path: "/reset-password", as: "nobody" as const },
      { name: "second step", path: "/login/code", as: "nobody" as const },
      { name: "stale link", path: "/confirm-email?token=x", as: "nobody" as const },
      { name: "mailbox", path: "/sandbox/mailbox", as: "nobody" as const },
      { name: "mail", path: `/sandbox/mailbox/${mail.id}`, as: "nobody" as const },
      { name: "404", path: "/nowhere", as: "nobody" as const },
      { name: "project of a backer", path: `/projects/${live}`, as: "backer" as const },
      { name: "checkout", path: `/projects/${live}/pledge`, as: "backer" as const },
      { name: "account", path: "/account", as: "backer" as const },
      { name: "profile", path: "/account/profile", as: "backer" as const },
      { name: "notifications", path: "/account/notifications", as: "backer" as const },
      { name: "a link that ends mails", path: "/unsubscribe?token=none", as: "nobody" as const },
      { name: "addresses", path: "/account/addresses", as: "backer" as const },
      { name: "an address abroad", path: "/account/addresses?abroad=1", as: "backer" as const },
      { name: "security", path: "/account/security", as: "backer" as const },
      { name: "second factor", path: "/account/security/totp", as: "backer" as const },
      { name: "proof", path: "/account/prove", as: "backer" as const },
      { name: "leaving", path: "/account/close", as: "backer" as const },
      { name: "pledges", path: "/account/pledges", as: "backer" as const },
      { name: "pledge", path: pledge, as: "backer" as const },
      { name: "studio", path: "/studio", as: "creator" as const },
      { name: "studio new", path: "/studio/new", as: "creator" as const },
      { name: "studio overview", path: `/studio/${draft}`, as: "creator" as const },
      { name: "studio edit", path: `/studio/${draft}/edit`, as: "creator" as const },
      { name: "studio rewards", path: `/studio/${draft}/rewards`, as: "creator" as const },
      { name: "studio of a live project", path: `/studio/${live}`, as: "creator" as const },
      { name: "operators", path: "/admin", as: "operator" as const },
      { name: "audit log", path: "/admin/log", as: "operator" as const },
    ]
      .map((view) => ({ ...view, path: at(language, view.path) }))
      .concat([
        { name: "card page", path: card[language], as: "nobody" },
        { name: "studio new, refused", path: refused[language], as: "creator" },
      ]);
  return { creator, backer, operator, live, views };
}

/** Looks at every page as the one whom it is for. */
export async function visitAll(page: Page, stage: Stage, language: Language, look: (view: View) => Promise<void>) {
  let viewer: View["as"] = "nobody";
  for (const view of stage.views(language)) {
    if (view.as !== viewer) {
      await (view.as === "nobody" ? page.context().clearCookies() : stage[view.as].lendTo(page.context()));
      viewer = view.as;
    }
    await test.step(view.name, () => look(view));
  }
}
