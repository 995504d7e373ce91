// Before the first paint, so that a dark page never flashes white.
(function () {
  try {
    var theme = localStorage.getItem('kith.theme') || 'system';
    if (theme !== 'system') document.documentElement.dataset.theme = theme;
    if (localStorage.getItem('kith.density') === 'compact') document.documentElement.dataset.density = 'compact';
    document.documentElement.lang = localStorage.getItem('kith.locale') || (navigator.language || 'en').slice(0, 2);
  } catch (e) {
    document.documentElement.dataset.theme = '';
  }
})();
