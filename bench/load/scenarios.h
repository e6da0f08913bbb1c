#ifndef SCENARIOS_H
#define SCENARIOS_H

#include "client.h"

extern const struct scenario fanout_scenario;  /* a fixed number of messages in flight per room */
extern const struct scenario rate_scenario;    /* messages at a fixed mean rate, whatever comes back */
extern const struct scenario ask_scenario;     /* one question in flight per connection */
extern const struct scenario connect_scenario; /* opens all, says how fast */
extern const struct scenario idle_scenario;    /* opens all, holds them until stdin closes */

extern const struct scenario storm_scenario;   /* opens all, says so; when the server goes, each comes back by itself */

#endif
