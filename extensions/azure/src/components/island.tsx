import { Component, StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { STYLES } from './styles.ts';

/**
 * Mounts our own React into our own element of the document. The viewer's React is another copy (18 or 19),
 * and a component of one must not be rendered by the other: the whole viewer would go black.
 *
 * @returns a function that removes the island
 */
export function mountIsland(name: string, content: ReactNode): () => void {
  addStyles();
  const element = document.createElement('div');
  element.className = 'ohif-azure';
  element.dataset.island = name;
  // The viewer binds Enter, Space and letters on the document: in our elements they are for our buttons.
  for (const type of ['keydown', 'keypress', 'keyup']) {
    element.addEventListener(type, event => event.stopPropagation());
  }
  document.body.append(element);
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <IslandBoundary>{content}</IslandBoundary>
    </StrictMode>
  );
  return () => {
    root.unmount();
    element.remove();
  };
}

function addStyles() {
  if (document.getElementById('ohif-azure-styles')) return;
  const style = document.createElement('style');
  style.id = 'ohif-azure-styles';
  style.textContent = STYLES;
  document.head.append(style);
}

/** A fault in an island takes that island away and nothing else; the viewer and its measurements stay. */
class IslandBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? null : this.props.children;
  }
}
