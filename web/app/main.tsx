import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { client } from "./client";
import { language } from "./language/language";
import { followPage } from "./lifecycle";
import { applyTheme } from "./theme/theme";

applyTheme();
effect(() => {
  document.documentElement.lang = language.value;
});
followPage();
void client.start();

const root = document.getElementById("app");
if (root) render(<App />, root);
