/** `@ohif/core` ships its types as sources of another build; the contract tests read what it really gives. */
declare module '@ohif/core';
