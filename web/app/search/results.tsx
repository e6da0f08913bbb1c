import { SearchX } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../language/language";
import { announce } from "../parts/announce";
import { Button } from "../parts/button";
import { Empty } from "../parts/empty";
import { Skeleton } from "../parts/skeleton";
import type { Search } from "./use-search";
import "./search.css";

/** What a search has come to, around its hits. */
export function Results({
  search,
  idle,
  children,
}: {
  search: Search;
  idle: string;
  children: ComponentChildren;
}) {
  const said = words.value.search;
  const { state, hits, hasMore } = search;
  useEffect(() => {
    if (state === "done") announce(said.found(hits.length, hasMore));
  }, [state, hits.length]);
  if (state === "idle") return <p class="search-idle prose">{idle}</p>;
  if (hits.length === 0) {
    if (state === "looking") return <Skeleton shape="row" count={6} />;
    if (state === "done" && !hasMore)
      return <Empty icon={SearchX} title={said.nothing} body={said.nothingHint} />;
  }
  return (
    <div class="search-results">
      {children}
      <div class="search-foot">
        {state === "failed" && <p>{said.failed}</p>}
        {state === "looking" && <p>{said.looking}</p>}
        {state === "done" && hasMore && (
          <Button size="small" onPress={search.more}>
            {said.more}
          </Button>
        )}
        {state === "failed" && (
          <Button size="small" onPress={search.more}>
            {words.value.words.retry}
          </Button>
        )}
      </div>
    </div>
  );
}
