export { PeopleModule } from './people.module.js';
export { PeopleService } from './people.service.js';
export { searchText, type TenantSettings } from './people.store.js';
export { dropPeopleTables, peopleTables } from './people-tables.js';
