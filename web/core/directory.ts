/** Orgs and people over REST; whoever comes in is remembered, so that names are there at once. */
import type { Api } from "./api";
import type { Client } from "./contract";
import type { Person } from "./model";
import type { PeopleCache } from "./people";

type Directory = Pick<Client, "orgs" | "peopleOf" | "myTeam" | "searchPeople" | "photoUrl" | "photo">;

export function directory(api: Api, cache: PeopleCache): Directory {
  async function remembered(asked: Promise<Person[]>): Promise<Person[]> {
    const people = await asked;
    cache.remember(people);
    return people;
  }

  return {
    orgs: () => api.orgs(),
    peopleOf: (org) => remembered(api.people({ org })),
    myTeam: () => remembered(api.team()),
    searchPeople: (words) => remembered(api.people({ q: words })),
    photoUrl: (person) => api.photoUrl(person),
    photo: (person) => api.photo(person),
  };
}
