/** An election without locks, whose code is fetched first. */
import type { ElectByChannel, Election } from "../core/tabs/election";
import { fetchLater } from "./fetch-later";

export function electionToCome(base: string): ElectByChannel {
  return (needs, candidate, channel) => {
    let election: Election | null = null;
    let stopped = false;
    return {
      start() {
        fetchLater(base).then(
          (later) => {
            if (stopped) return;
            election = later.electByChannel(needs, candidate, channel);
            election.start();
          },
          // Alone, and the server gives the place to one of them.
          () => stopped || needs.onLead(),
        );
      },
      stop() {
        stopped = true;
        if (election) election.stop();
        else channel.close();
      },
      steal: () => election?.steal(),
    };
  };
}
