// The part of the QR code after # never reaches the server; here it is compared with what the platform sealed.
const outcome = document.getElementById("outcome");
const printed = location.hash.slice(1).toLowerCase();
if (outcome.dataset.digest && /^[0-9a-f]{16}$/.test(printed)) {
  const same = printed === outcome.dataset.digest;
  outcome.textContent = same ? outcome.dataset.match : outcome.dataset.mismatch;
  outcome.className = same ? "match" : "mismatch";
}
