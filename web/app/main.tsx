import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import { render } from "preact";

render(<h1>Sendjay</h1>, document.getElementById("app") as HTMLElement);
