// Makes the sites under test: the posts of ./site, pictures, and short posts enough for lists of many pages. The content is
// the same for every theme. Nothing in it is random, so a failure can be looked at again.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { png } from "./png.mjs";

export const THEMES = ["jian", "zhi", "su"];

const SOURCE = path.join(import.meta.dirname, "site");
const PICTURES = {
  "bridge.png": [1200, 800, [150, 160, 150]],
  "frame.png": [600, 900, [170, 140, 100]],
  "closing.png": [1600, 500, [190, 170, 140]],
  "ticket.png": [480, 300, [200, 190, 150]],
};

// Builds the site of one theme below `folder`. Gives the folder of the built site.
export function build(binary, folder, theme, extraConfig = "") {
  const site = path.join(folder, "source");
  const output = path.join(folder, "built");
  writeSite(site, `theme: ${theme}\n${extraConfig}`);
  overlay(site, theme);
  run(binary, site, output);
  return output;
}

// Builds a site of these files, by path, below `folder`. Gives the folder of the built site.
export function buildOf(binary, folder, files) {
  const site = path.join(folder, "source");
  const output = path.join(folder, "built");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(site, name)), { recursive: true });
    writeFileSync(path.join(site, name), text);
  }
  overlay(site, /^theme: (\w+)/m.exec(files["site.yaml"])?.[1] ?? "jian");
  run(binary, site, output);
  return output;
}

// To work on a theme without building the program anew.
function overlay(site, theme) {
  const themes = process.env.THEMES;
  if (themes && existsSync(path.join(themes, theme)))
    cpSync(path.join(themes, theme), path.join(site, "themes", theme), { recursive: true });
}

function run(binary, site, output) {
  // Posts without title or date make warnings, which is what they are for.
  const { status, stderr, error } = spawnSync(binary, ["build", "--quiet", "--source", site, "--output", output], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(error?.message ?? stderr);
}

function writeSite(site, config) {
  cpSync(SOURCE, site, { recursive: true });
  appendFileSync(path.join(site, "site.yaml"), config);
  const pictures = path.join(site, "static", "pictures");
  mkdirSync(pictures, { recursive: true });
  for (const [name, [width, height, colour]] of Object.entries(PICTURES)) {
    writeFileSync(path.join(pictures, name), png(width, height, colour));
  }
  // No width and height: a page cannot know how much room it takes.
  writeFileSync(
    path.join(pictures, "plan.svg"),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 180"><rect width="300" height="180" fill="#e8e2d4"/>' +
      '<path d="M20 150V90Q60 40 100 90Q150 20 200 90Q240 40 280 90V150" fill="none" stroke="#555" stroke-width="4"/></svg>\n',
  );
  for (const [name, text] of fillers()) writeFileSync(path.join(site, "posts", name), text);
}

const PLACES = ["上游", "中游", "下游", "南岸", "北岸", "河心", "桥西", "桥东"];
const THINGS = ["石阶", "水尺", "旧船", "茶棚", "灯笼", "渔网", "堤坝", "柳树", "碑亭"];
const SENTENCES = [
  "守堤的人每天记三次水位，早上一次，中午一次，天黑之前再记一次。",
  "有人说这里原来是一片芦苇，后来修了路，芦苇就退到了弯道那边。",
  "图纸上没有标出这一处，只好自己画一张，画完才发现方向反了。",
  "到了秋天，水退得很慢，滩上留下一圈一圈的印子，像树的年轮。",
  "管理站的墙上挂着一块黑板，写着今日流量，粉笔字已经擦得发白。",
  "问起旧名字，老人想了很久，说出来的却是另外一个村子的名字。",
  "雨停以后大家去看，桥还在，路也还在，只是少了一块指路的牌子。",
];
// Tags of one or two posts, so that the index of tags is long and has letters from A to Z.
const RARE = [
  "安澜",
  "碑刻",
  "潮汐",
  "堤防",
  "峨眉石",
  "泛舟",
  "古道",
  "航标",
  "集市",
  "考证",
  "老照片",
  "鸣笛",
  "农具",
  "藕塘",
  "泡桐",
  "祈雨",
  "热风",
  "沙洲",
  "滩涂",
  "挖沙",
  "息壤",
  "雁阵",
  "造船",
  "闸门",
  "2023洪水",
  "ABC 图纸",
  "B 超探石",
  "3.10 旧案",
  "C++",
];

// 62 short posts: 54 of them with the tag 旧闻, 14 with 水文, 7 with 植物.
function* fillers() {
  for (let n = 0; n < 62; n++) {
    const place = PLACES[n % PLACES.length];
    const thing = THINGS[n % THINGS.length];
    const year = 2019 + Math.floor(n / 9);
    const date = `${year}-${String(1 + ((n * 5) % 12)).padStart(2, "0")}-${String(1 + ((n * 7) % 28)).padStart(2, "0")}`;
    const tags = [];
    if (n < 54) tags.push("旧闻");
    if (n % 4 === 0 && n < 56) tags.push("水文");
    if (n % 9 === 7) tags.push("植物");
    tags.push(RARE[n % RARE.length]);
    const authors = ["沈渡", "顾岸", "吴水", "林塔", "石门", "白鹭"];
    const category = ["杂记", "工程", "见闻"][n % 3];
    const paragraphs = [0, 1, 2].map((p) => [0, 1, 2].map((s) => SENTENCES[(n + p * 3 + s * 2) % SENTENCES.length]).join(""));
    yield [
      `${date}-${place}的${thing}.md`,
      `---\ntitle: ${place}的${thing}\ndate: ${date}\nauthor: ${authors[n % authors.length]}\n` +
        `tags: [${tags.join(", ")}]\ncategories: [${category}]\n---\n\n${place}有一处${thing}。${paragraphs.join("\n\n")}\n`,
    ];
  }
}
