import { ErrorBoundary, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import { render } from 'solid-js/web';
import '@fontsource-variable/figtree/wght.css';
import '@fontsource-variable/bricolage-grotesque/wght.css';
import './style/tokens.css';
import './style/base.css';
import './style/overlay.css';
import './style/shell.css';
import './style/conversation.css';
import './style/pages.css';
import { start, token } from './app/client';
import { watchNotifications } from './app/notify';
import { route } from './app/router';
import { ready, t } from './i18n';
import { AuthPage } from './views/auth/AuthPage';
import { pickerRequest } from './views/conversation/emojiOpen';
import { Dialogs, Menus, Toasts } from './views/ui/Overlay';
import { Logo } from './views/ui/Logo';
import { Shell } from './views/shell/Shell';
import { InviteGate } from './views/auth/InviteGate';

const EmojiPicker = lazy(() => import('./views/conversation/EmojiPicker'));

function App() {
  return (
    <ErrorBoundary fallback={(error: unknown) => <Broken error={error} />}>
      <Switch fallback={<Shell />}>
        <Match when={!token() && route().name === 'invite'}><InviteGate /></Match>
        <Match when={!token()}><AuthPage /></Match>
      </Switch>
      <Dialogs />
      <Show when={pickerRequest()} keyed>{(request) => <Suspense><EmojiPicker request={request} /></Suspense>}</Show>
      <Menus />
      <Toasts />
    </ErrorBoundary>
  );
}

function Broken(props: { error: unknown }) {
  console.error(props.error);
  return <div class="state-note tall"><Logo size={48} /><h1>{t.broken}</h1><p class="faint">{String(props.error)}</p><button type="button" class="button primary" onClick={() => location.reload()}>{t.reload}</button></div>;
}

void ready.then(() => {
  // The session is asked for before anything is drawn: the network works meanwhile.
  start();
  render(() => <App />, document.getElementById('root')!);
  watchNotifications();
  if ('serviceWorker' in navigator && import.meta.env.PROD) navigator.serviceWorker.register('/sw.js').catch((error: unknown) => console.warn('service worker', error));
});
