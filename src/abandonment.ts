/**
 * Aborted when the process is about to end at once, whatever is under way. Who is asked for something by another thread
 * must not leave it waiting then: the process ends only when its threads have.
 */
export const abandonment = new AbortController();
