// biome-ignore-all lint/complexity/useArrowFunction: old browsers know no arrow functions
// biome-ignore-all lint/style/useTemplate: nor templates
// biome-ignore-all lint/style/useExponentiationOperator: nor this operator
// biome-ignore-all lint/correctness/noInnerDeclarations: nor let and const
// Optional: every page works without it.
(function () {
  // Leave at once, and without a way back to this page in the tab.
  var exit = document.querySelector('[data-exit]');
  var presses = [];
  function leave() {
    document.documentElement.style.display = 'none';
    window.location.replace(exit.href);
  }
  if (exit) {
    exit.addEventListener('click', function (event) {
      event.preventDefault();
      leave();
    });
    document.addEventListener('keydown', function (event) {
      var now = Date.now();
      if (event.key === 'Escape' || event.key === 'Esc') presses.push(now);
      else presses = [];
      if (presses.length >= 3 && now - presses[presses.length - 3] < 3000) leave();
    });
  }

  each('[data-scripted]', function (element) {
    element.hidden = false;
  });
  each('.summary', function (summary) {
    summary.focus();
  });
  each('[data-copy]', function (button) {
    button.addEventListener('click', function () {
      var range = document.createRange();
      var selection = window.getSelection();
      range.selectNodeContents(document.getElementById(button.getAttribute('data-copy')));
      selection.removeAllRanges();
      selection.addRange(range);
      if (document.execCommand('copy')) button.textContent = button.getAttribute('data-copied');
    });
  });
  var K = constants();
  each('form[data-challenge]', function (form) {
    solve(form, JSON.parse(form.getAttribute('data-challenge')));
  });

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  // The proof of work: the number whose SHA-256 behind the salt is the challenge (ALTCHA). In slices, so that the page stays alive.
  function solve(form, given) {
    var wait = form.querySelector('[data-wait]');
    var working = form.querySelector('[data-working]');
    var begun = Date.now();
    var number = 0;
    function work(busy) {
      wait.hidden = busy;
      working.hidden = !busy;
    }
    function slice() {
      for (var end = number + 500; number < end; number++) {
        if (number > given.maxnumber) return work(false);
        if (sha256(given.salt + number) === given.challenge) return send();
      }
      setTimeout(slice, 0);
    }
    function send() {
      given.number = number;
      given.took = Date.now() - begun;
      form.elements.challenge.value = btoa(JSON.stringify(given));
      form.submit();
    }
    if (given.algorithm !== 'SHA-256') return;
    work(true);
    slice();
  }

  // FIPS 180-4, for a text of ASCII: crypto.subtle is missing in old browsers and without https.
  function sha256(text) {
    var hash = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    var words = padded(text);
    for (var block = 0; block < words.length; block += 16) hash = compress(hash, schedule(words, block));
    return hash
      .map(function (word) {
        return ('0000000' + (word >>> 0).toString(16)).slice(-8);
      })
      .join('');
  }

  function padded(text) {
    var words = [];
    var length = text.length;
    var last = (((length + 8) >> 6) << 4) + 15;
    for (var i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
    words[last] = length * 8;
    return words;
  }

  function schedule(words, block) {
    var w = [];
    for (var t = 0; t < 16; t++) w[t] = words[block + t] | 0;
    for (; t < 64; t++) {
      var a = w[t - 15];
      var b = w[t - 2];
      var near = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      var far = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      w[t] = (w[t - 16] + near + w[t - 7] + far) | 0;
    }
    return w;
  }

  function compress(hash, w) {
    var s = hash;
    for (var t = 0; t < 64; t++) {
      var one =
        s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[t] + w[t];
      var two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
    }
    return s.map(function (word, i) {
      return (word + hash[i]) | 0;
    });
  }

  function turn(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  // The first 32 bits of the fractions of the cube roots of the first 64 primes.
  function constants() {
    var primes = [];
    for (var n = 2; primes.length < 64; n++) if (!dividedByAny(n, primes)) primes.push(n);
    return primes.map(function (prime) {
      return ((Math.pow(prime, 1 / 3) % 1) * 4294967296) | 0;
    });
  }

  function dividedByAny(n, primes) {
    return primes.some(function (prime) {
      return n % prime === 0;
    });
  }
})();
