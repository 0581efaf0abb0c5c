const home = "首页";
