import { rowsOf, type Family } from './effect-rows.ts';

/**
 * Object mappers over DynamoDB. They name their table where the entity is made, and act in a later call.
 */

const electro = rowsOf('dynamodb', 'electrodb');
const toolbox = rowsOf('dynamodb', 'dynamodb-toolbox dynamodb-toolbox/*');
const dynamoose = rowsOf('dynamodb', 'dynamoose');
const typedorm = rowsOf('dynamodb', '@typedorm/core');
const onetable = rowsOf('dynamodb', 'dynamodb-onetable');
const mapper = rowsOf('dynamodb', '@aws/dynamodb-data-mapper');
const dynamodbjs = rowsOf('dynamodb', 'dynamodb @awspilot/dynamodb');

const created = { events: ['INSERT', 'MODIFY'] } as const;
const changed = { events: ['MODIFY', 'INSERT'] } as const;
const removed = { events: ['REMOVE'] } as const;

const electroTable = 'Entity[1].table|Service[1].table|createSchema[1].table';
const toolboxTable = 'Entity[0].table.new[0].name|Table[0].name|build[0].new[0].name';
const oneTable = 'Table[0].name|Model[0].new[0].name';

const build = (commands: string): { readonly when: { readonly at: string; readonly is: readonly string[] } } => ({ when: { at: 'build[0]', is: commands.split(' ') } });

export const dynamoWrapperFamilies: readonly Family[] = [
  {
    name: 'ElectroDB',
    source: 'electrodb.dev 3: Entity and Service, put, create, upsert, update, patch, delete, remove, get, query, scan, each ended by go() (November 2026)',
    rows: [
      electro('put.go create.go', 'write', 'table', electroTable, { payload: 'put[0]|create[0]', ...created }),
      electro('upsert.go update.go patch.go', 'write', 'table', electroTable, { key: 'update[0]|patch[0]', payload: 'set[0]|upsert[0]', ...changed }),
      electro('delete.go remove.go', 'delete', 'table', electroTable, { key: 'delete[0]|remove[0]', ...removed }),
      electro('transaction.write.go', 'write', 'table', electroTable, created),
      electro('get.go query.go scan.go match.go find.go collections.go go', 'read', 'table', electroTable),
    ],
  },
  {
    name: 'DynamoDB Toolbox',
    source: 'dynamodbtoolbox.com 2 (entity.build(Command).send()) and version 0.9 (entity.put, update, delete, get, query) (November 2026)',
    rows: [
      toolbox('build.send', 'write', 'table', toolboxTable, { ...build('PutItemCommand'), payload: 'item[0]', ...created }),
      toolbox('build.send', 'write', 'table', toolboxTable, { ...build('UpdateItemCommand UpdateAttributesCommand'), payload: 'item[0]', ...changed }),
      toolbox('build.send', 'delete', 'table', toolboxTable, { ...build('DeleteItemCommand'), key: 'key[0]', ...removed }),
      toolbox('build.send', 'read', 'table', toolboxTable, build('GetItemCommand QueryCommand ScanCommand BatchGetCommand')),
      toolbox('Entity.put', 'write', 'table', toolboxTable, { payload: '[0]', ...created }),
      toolbox('Entity.update', 'write', 'table', toolboxTable, { payload: '[0]', ...changed }),
      toolbox('Entity.delete', 'delete', 'table', toolboxTable, { key: '[0]', ...removed }),
      toolbox('Entity.get Entity.query Entity.scan Table.query Table.scan Table.batchGet', 'read', 'table', toolboxTable),
      toolbox('Table.batchWrite Table.transactWrite', 'write', 'table', toolboxTable, created),
    ],
  },
  {
    name: 'dynamoose, TypeDORM, OneTable, data mapper',
    source: 'dynamoosejs.com 4 (model(name, schema): create, update, delete, get, query, batchPut), TypeDORM 1 (EntityManager), dynamodb-onetable 2 (Table.getModel), @aws/dynamodb-data-mapper 0.7 READMEs (November 2026)',
    rows: [
      dynamoose('model.create model.save model.batchPut', 'write', 'table', 'model[0]', { payload: '[0]', naming: ['name'], ...created }),
      dynamoose('model.update', 'write', 'table', 'model[0]', { key: '[0]', payload: '[1]|[0]', ...changed }),
      dynamoose('model.delete model.batchDelete', 'delete', 'table', 'model[0]', { key: '[0]', ...removed }),
      dynamoose('model.get model.batchGet model.query.exec model.scan.exec', 'read', 'table', 'model[0]'),
      typedorm('create update', 'write', 'table', 'createConnection[0].table.new[0].name', { payload: '[0]', ...created }),
      typedorm('delete', 'delete', 'table', 'createConnection[0].table.new[0].name', removed),
      typedorm('find findOne exists', 'read', 'table', 'createConnection[0].table.new[0].name'),
      onetable('getModel.create getModel.upsert Model.create Model.upsert Table.create', 'write', 'table', oneTable, { payload: '[0]', ...created }),
      onetable('getModel.update Model.update Table.update', 'write', 'table', oneTable, { payload: '[0]', ...changed }),
      onetable('getModel.remove Model.remove Table.remove', 'delete', 'table', oneTable, removed),
      onetable('getModel.get getModel.find getModel.scan Model.get Model.find Table.queryItems', 'read', 'table', oneTable),
      mapper('DataMapper.put DataMapper.update DataMapper.batchPut', 'write', 'table', '[0].tableName', { payload: '[0]', ...created }),
      mapper('DataMapper.delete', 'delete', 'table', '[0].tableName', removed),
      mapper('DataMapper.get DataMapper.query DataMapper.scan', 'read', 'table', '[0].tableName'),
      dynamodbjs('table.insert table.insert_or_replace table.update table.insert_or_update', 'write', 'table', 'table[0]', created),
      dynamodbjs('table.delete', 'delete', 'table', 'table[0]', removed),
      dynamodbjs('table.get table.query table.scan', 'read', 'table', 'table[0]'),
    ],
  },
];
