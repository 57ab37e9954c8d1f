/**
 * The functions of `Math` that run for each pixel, bound once. Looked up as a property of a global each time
 * they cost ten times the run time where the global object is guarded, as it is in jest.
 */
export const { abs, exp, floor, imul, max, min, sqrt } = Math;
