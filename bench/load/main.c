#include <stdio.h>
#include <string.h>

#include "scenarios.h"

int main(int argc, char **argv) {
    static struct client client;
    options_parse(&client.options, argc, argv);
    const struct scenario *all[] = {&fanout_scenario, &rate_scenario, &ask_scenario, &connect_scenario,
                                    &idle_scenario, &storm_scenario};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!strcmp(all[i]->name, client.options.scenario)) client.scenario = all[i];
    }
    if (!client.scenario) {
        fprintf(stderr, "load: no such scenario: %s\n", client.options.scenario);
        return 2;
    }
    client_run(&client);
    return 0;
}
