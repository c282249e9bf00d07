import { loadClassifier } from './classifier.js';

const element = (id) => document.getElementById(id);
const status = element('status');

try {
  start(await loadClassifier('.'));
} catch (error) {
  status.textContent =
    location.protocol === 'file:'
      ? 'A page opened from disk may not read its model. Serve this folder, for example with: python3 -m http.server'
      : `The model does not load: ${error.message}`;
}

function start(classifier) {
  const { info } = classifier;
  const title = info.classes.slice(0, 6).join(', ');
  element('title').textContent = info.classes.length > 6 ? `${title}…` : title;
  document.title = element('title').textContent;
  status.textContent = `Ready: ${info.classes.length} classes.`;
  for (const id of ['file', 'webcam', 'check']) element(id).disabled = false;

  const show = async (picture) => {
    const { pixels, probabilities } = await classifier.classify(picture);
    drawSeen(pixels, info.imageSize);
    showAnswers(info.classes, probabilities);
  };
  const showFile = async (file) => {
    try {
      await show(await createImageBitmap(file));
      status.textContent = file.name;
    } catch {
      status.textContent = `${file.name} is not an image this browser can read.`;
    }
  };
  element('file').addEventListener('change', ({ target }) => {
    if (target.files[0]) void showFile(target.files[0]);
  });
  const drop = element('drop');
  for (const type of ['dragover', 'dragleave', 'drop'])
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragover');
      if (type === 'drop' && event.dataTransfer.files[0]) void showFile(event.dataTransfer.files[0]);
    });
  element('webcam').addEventListener('click', () => void toggleWebcam(show));
  element('check').addEventListener('click', () => void checkGolden(classifier));
}

function drawSeen(pixels, size) {
  const canvas = element('seen');
  canvas.width = size;
  canvas.height = size;
  const image = new ImageData(size, size);
  for (let at = 0; at < size * size; at += 1) {
    image.data.set(pixels.subarray(at * 3, at * 3 + 3), at * 4);
    image.data[at * 4 + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

function showAnswers(classes, probabilities) {
  const order = classes.map((_, index) => index).sort((a, b) => probabilities[b] - probabilities[a]);
  const items = order.slice(0, 5).map((index) => {
    const item = document.createElement('li');
    const meter = document.createElement('meter');
    meter.value = probabilities[index];
    item.append(
      classes[index],
      Object.assign(document.createElement('span'), {
        textContent: `${(probabilities[index] * 100).toFixed(1)} %`,
      }),
      meter,
    );
    return item;
  });
  element('answers').replaceChildren(...items);
}

let stream = null;

async function toggleWebcam(show) {
  const video = element('video');
  if (stream !== null) {
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    element('webcam').textContent = 'Use the webcam';
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: true });
  } catch (error) {
    status.textContent = `The webcam cannot be used: ${error.message}`;
    return;
  }
  element('webcam').textContent = 'Stop the webcam';
  video.srcObject = stream;
  await video.play();
  while (stream !== null) {
    await show(video);
    await new Promise(requestAnimationFrame);
  }
}

async function checkGolden(classifier) {
  const rows = await (await fetch('golden/golden.json')).json();
  let worst = 0;
  let same = 0;
  for (const row of rows) {
    const blob = await (await fetch(`golden/${row.image}`)).blob();
    const { probabilities } = await classifier.classify(await createImageBitmap(blob));
    for (const [index, value] of row.probabilities.entries())
      worst = Math.max(worst, Math.abs(value - probabilities[index]));
    const best = (values) => values.indexOf(Math.max(...values));
    if (best(row.probabilities) === best([...probabilities])) same += 1;
  }
  element('checked').textContent =
    `${same} of ${rows.length} labels are the studio’s; largest difference of a probability: ${worst.toExponential(1)}.`;
}
