import 'alcove-chat/define';

let count = 0;
document.addEventListener('alcove-message', () => {
  count += 1;
  document.querySelector('output').textContent = String(count);
});
