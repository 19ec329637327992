import { describe, expect, it } from 'vitest';
import { zipCommands } from '../../src/discover/source-path-archives.ts';

const folders = (text: string, archive: string, start = 'deployment'): readonly string[] => zipCommands(text, start, false).filter((one) => one.archive === archive).map((one) => one.folder);

describe('archives that a script makes', () => {
  const head = 'template_dir="$PWD"\nbuild_dir="$template_dir/regional-assets" # output\nsource_dir="$template_dir/../source"\n';

  it('puts in the variables that the script sets, and takes the name behind a folder that is not known', () => {
    const script = `${head}cd $source_dir/api/cart\nnpm install\nzip -q -r9 $build_dir/cart-service.zip *\ncd "$source_dir"/helper\nzip -q -r9 $NOWHERE/helper.zip *\n`;
    expect(folders(script, 'cart-service.zip')).toEqual(['source/api/cart']);
    expect(folders(script, 'helper.zip')).toEqual(['source/helper']);
  });

  it.each([
    ['the folder of the script by command', 'here=$(cd "$(dirname "$0")" && pwd)\ncd "$here/../app"\nzip -r x.zip .', 'app'],
    ['a folder above it', 'root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\ncd ${root}/app\nzip -r x.zip .', 'app'],
    ['a folder behind the command', 'root=$(dirname $0)/..\ncd $root/app\nzip -r x.zip .', 'app'],
    ['where it was started', 'export ROOT=`pwd`\ncd $ROOT/code\nzip -r x.zip .', 'deployment/code'],
    ['without a variable', 'cd "$(dirname "$0")"\ncd code\nzip -r x.zip .', 'deployment/code'],
  ])('knows %s', (_name, script, folder) => {
    expect(folders(script, 'x.zip')).toEqual([folder]);
  });

  it.each([
    ['a variable that nobody sets', 'cd $CODE/app\nzip -r x.zip .'],
    ['a variable that another program gives', 'dir=$(find . -name app)\ncd $dir\nzip -r x.zip .'],
    ['a folder outside', 'up="$PWD/../.."\ncd $up/app\nzip -r x.zip .'],
  ])('says nothing of %s', (_name, script) => {
    expect(folders(script, 'x.zip')).toEqual([]);
  });

  it('follows what is copied into a folder before that is packed', () => {
    const script = 'mkdir -p dist/site\ncp -v src/api/out/handler.js dist/\ncp -Rv src/site/out/. dist/site/\ncp $OTHER/x.js dist\ncp notes.txt elsewhere/\ncd dist\nzip -r x.zip .';
    expect(folders(script, 'x.zip', '')).toEqual(['dist', 'src/api/out']);
    expect(folders('cp -r src/out/* dist\nzip -j x.zip dist/*', 'x.zip', '')).toEqual(['', 'dist', 'src/out']);
  });

  it('knows the name that npm gives the scripts of a manifest', () => {
    const text = '{ "scripts": {\n"pack": "zip -FSrq ../../dist/$npm_package_name.zip *",\n"other": "zip -r $npm_package_version.zip ."\n} }';
    expect(zipCommands(text, 'src/orders', true, '@lambda/orders')).toEqual([{ archive: 'orders.zip', folder: 'src/orders' }]);
    expect(zipCommands(text, 'src/orders', true)).toEqual([]);
  });

  it('does not take a name with an unknown part', () => {
    expect(zipCommands('cd app\nzip -r $NAME-service.zip .', '', false)).toEqual([]);
  });
});
