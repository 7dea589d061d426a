// A visitor without a browser: fetches pages and sends their forms as a browser without JavaScript
// would. For what must be there before a journey begins, or happens elsewhere meanwhile.
import { type APIRequestContext, type APIResponse, type BrowserContext, request } from "@playwright/test";
import { anAddress, aName, confirmationOf, type Account } from "./accounts";
import { dayAhead, monthAhead } from "./dates";

export const CARDS = {
  pays: "4242424242424242",
  refusedAtOnce: "4000000000000002",
  refusedWhenCharged: "4000000000000341",
};

export interface Reward {
  title: string;
  price: number;
  stock?: number;
}

export interface Draft {
  title: string;
  summary?: string;
  story?: string;
  category?: string;
  goal: number;
  days?: number;
}

/** A page as it came. */
export class Answer {
  constructor(
    readonly response: APIResponse,
    readonly html: string,
  ) {}

  get url() {
    return this.response.url();
  }

  /** What forms complain about. */
  get alerts() {
    return [...this.html.matchAll(/role="alert"[^>]*>(.*?)<\/p>/gs)].map(([, text]) => plain(text));
  }

  /** The address and the hidden fields of the form that posts to an address with this ending. */
  form(ending: string): { action: string; hidden: Record<string, string> } {
    for (const [form, attributes] of this.html.matchAll(/<form([^>]*)>.*?<\/form>/gs)) {
      const action = attribute(attributes, "action");
      if (action.endsWith(ending)) {
        const inputs = [...form.matchAll(/<input([^>]*)>/g)].map(([, input]) => input);
        const hidden = inputs.filter((input) => attribute(input, "type") === "hidden");
        const pairs = hidden.map((input) => [attribute(input, "name"), attribute(input, "value")]);
        return { action, hidden: Object.fromEntries(pairs) };
      }
    }
    throw new Error(`${this.url} (${this.response.status()}) has no form to …${ending}`);
  }
}

function attribute(tag: string, name: string): string {
  return plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function plain(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", amp: "&" };
  return html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_, name) => entities[name]);
}

export class Visitor {
  private constructor(
    private readonly web: APIRequestContext,
    readonly account: Account,
  ) {}

  /** Somebody who has not signed up. `account` is what they would sign up with. */
  static async nobody(url: string): Promise<Visitor> {
    const web = await request.newContext({
      baseURL: url,
      extraHTTPHeaders: { "x-forwarded-for": anAddress(), accept: "text/html", "sec-fetch-site": "same-origin" },
    });
    const name = aName();
    return new Visitor(web, { name, email: `${name}@example.kr`, password: "정직한 파란 고래가 난다" });
  }

  /** Somebody who has signed up, confirmed the address and logged in. */
  static async member(url: string): Promise<Visitor> {
    const visitor = await Visitor.nobody(url);
    await visitor.send("/signup", "/sign_up", { ...visitor.account, terms: "true", privacy: "true" });
    const token = (await confirmationOf(visitor.web, visitor.account.email)).split("token=")[1]!;
    await visitor.send(`/confirm-email?token=${token}`, "/confirm_email", { token });
    await visitor.logIn();
    return visitor;
  }

  async logIn(): Promise<void> {
    await this.send("/login", "/log_in", { email: this.account.email, password: this.account.password });
  }

  async open(path: string): Promise<Answer> {
    const response = await this.web.get(path);
    return new Answer(response, await response.text());
  }

  /** Opens a page and sends the form on it that posts to an address with this ending. */
  async send(path: string, ending: string, values: Record<string, string>): Promise<Answer> {
    const answer = await this.trySend(path, ending, values);
    if (answer.alerts.length > 0 || !answer.response.ok()) {
      throw new Error(`${path} refused: ${answer.response.status()} ${answer.alerts.join(" ")}`);
    }
    return answer;
  }

  /** The same for a form that may be refused. */
  async trySend(path: string, ending: string, values: Record<string, string>): Promise<Answer> {
    return this.submit(await this.open(path), ending, values);
  }

  /** Sends a form of a page that was opened before. */
  async submit(page: Answer, ending: string, values: Record<string, string> = {}): Promise<Answer> {
    const { action, hidden } = page.form(ending);
    const response = await this.web.post(action, { form: { ...hidden, ...values }, headers: { referer: page.url } });
    return new Answer(response, await response.text());
  }

  /** The public handle. */
  async handle(): Promise<string> {
    return /\/people\/([a-z0-9_]+)/.exec((await this.open("/account")).html)![1];
  }

  /** Starts a project with its rewards and gives its slug. */
  async draft(draft: Draft, rewards: Reward[] = []): Promise<string> {
    const values = {
      title: draft.title,
      summary: draft.summary ?? "함께 만드는 작은 물건",
      story: draft.story ?? "## 시작\n\n**함께** 만들어요.",
      category: draft.category ?? "crafts",
      goal: String(draft.goal),
      deadline: dayAhead(draft.days ?? 30),
    };
    const saved = await this.send("/studio/new", "/create_project", values);
    const slug = new URL(saved.url).pathname.split("/")[2];
    for (const reward of rewards) {
      await this.send(`/studio/${slug}/rewards`, "/add_reward", {
        title: reward.title,
        description: "정성껏 만들어 보내 드려요.",
        price: String(reward.price),
        stock: reward.stock ? String(reward.stock) : "",
        delivery: monthAhead(4),
      });
    }
    return slug;
  }

  async launch(slug: string): Promise<void> {
    await this.send(`/studio/${slug}`, "/launch_project", {});
  }

  /** Starts a project, launches it and gives its slug. */
  async project(draft: Draft, rewards: Reward[] = []): Promise<string> {
    const slug = await this.draft(draft, rewards);
    await this.launch(slug);
    return slug;
  }

  async uploadCover(slug: string, picture: Buffer): Promise<void> {
    const response = await this.web.post(`/studio/${slug}/cover`, {
      multipart: { picture: { name: "cover.png", mimeType: "image/png", buffer: picture } },
    });
    if (!response.url().includes("saved=1")) {
      throw new Error(`the cover of ${slug} was refused: ${response.status()} ${response.url()}`);
    }
  }

  /** Fills in the checkout and gives the address of the card page. */
  async toCardPage(path: string, choice: { reward?: string; quantity?: number; extra?: number }): Promise<string> {
    const checkout = await this.open(path);
    const picks = [...checkout.html.matchAll(/<article class="pick[^>]*>.*?<\/article>/gs)].map(([pick]) => pick);
    const chosen = picks.find((pick) => choice.reward && plain(pick).includes(choice.reward));
    if (choice.reward && !chosen) {
      throw new Error(`${path} has no reward ${choice.reward}`);
    }
    const pieces = chosen ? { [/name="(pieces\[[^"]+)"/.exec(chosen)![1]]: String(choice.quantity ?? 1) } : {};
    const review = await this.send(path, "/review_pledge", {
      ...pieces,
      extra: choice.extra ? String(choice.extra) : "",
    });
    const card = await this.submit(review, "/place_pledge", { agree: "true", another: "true" });
    return card.url;
  }

  /** Backs a project and gives the address of the pledge. When this is done the pledge stands. */
  async back(
    slug: string,
    choice: { reward?: string; quantity?: number; extra?: number; card?: string },
  ): Promise<string> {
    const card = await this.toCardPage(`/projects/${slug}/pledge`, choice);
    const { url } = await this.send(card, "/sandbox/card", {
      number: choice.card ?? CARDS.pays,
      expiry: "12/40",
      cvc: "123",
    });
    return new URL(url).pathname;
  }

  async cancel(pledge: string): Promise<void> {
    await this.send(pledge, "/cancel_pledge", {});
  }

  /** The mails to this visitor, newest first. */
  async mails(): Promise<{ id: number; subject: string; text: string }[]> {
    const found = await this.web.get(`/sandbox/mailbox.json?to=${encodeURIComponent(this.account.email)}`);
    return found.json();
  }

  /** Lets a browser go on as this visitor. */
  async lendTo(context: BrowserContext): Promise<void> {
    const { cookies } = await this.web.storageState();
    await context.clearCookies();
    await context.addCookies(cookies);
  }

  async leave(): Promise<void> {
    await this.web.dispose();
  }
}
