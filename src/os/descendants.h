// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

/// The descendants of the calling process, found in /proc by who their parent is. Everything here
/// is safe in a signal handler and in a copied process: it allocates nothing and takes no lock.
/// Where /proc is not there, `group` is signalled instead, unless it is 0.
namespace isopod::os::descendants {

/// Asks all of them to end: SIGTERM, and SIGCONT so that stopped ones hear it.
void terminate_all(pid_t group);

/// Ends all of them. They are stopped first, generation by generation, because one that is running
/// can make another faster than it can be found. Call it again while any is left: one that was
/// being made meanwhile, or whose number changed hands, is left for the next time.
void kill_all(pid_t group);

}  // namespace isopod::os::descendants
