// One address of every type of page that a site has. `article` is what most checks of one page look at.
export const POSTS = {
  article: "/2023/06/18/石桥修缮记/",
  scraped: "/2023/06/10/船票/",
  html: "/2022/11/05/渡河/",
  hant: "/2022/09/01/燈塔/",
  "long-title": "/2021/05/20/河流笔记/",
  untitled: "/2021/02/03/无题小札/",
  undated: "/没有日期的一篇/",
};

export const PAGES = {
  home: "/",
  "home-2": "/page/2/",
  ...POSTS,
  tags: "/tags/",
  tag: "/tags/旧闻/",
  "tag-last": "/tags/渡船/",
  authors: "/authors/",
  author: "/authors/沈渡/",
  categories: "/categories/",
  category: "/categories/工程/",
  archive: "/archive/",
  year: "/archive/2023/",
  month: "/archive/2023/06/",
  "undated-list": "/archive/undated/",
  about: "/about/",
  search: "/search/",
  404: "/2023/04/11/甲乙丙x/",
  redirect: "/old/bridge.html",
};

// The post next to which `404` is a slip of the hand.
export const NEAR_404 = "/2023/04/11/甲乙丙/";

// The one image that a post shows from another host.
export const REMOTE_IMAGE = "https://images.invalid/bridge/old.jpg";
