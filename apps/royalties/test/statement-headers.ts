import { flatColumns } from '../src/reading/dsr.js';

/** Headers of the distributors' own files, by the layout that reads them. */
export const statementHeaders: Readonly<Record<string, readonly string[]>> = {
  'believe.json': [
    'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;' +
      'Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;' +
      'Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue',
  ],
  'believe-fr.json': [
    "mois de reporting;mois de vente;plateforme;pays / région;nom du label;nom de l'artiste;titre de la sortie;" +
      'titre de la piste;upc;isrc;reference catalogue sortie;type de sortie;type de vente;quantite;' +
      'devise de paiement du client;revenu brut;taux de revenu client;revenu net',
  ],
  'kontor.json': [
    'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;' +
      'Article No;Royalties;Units',
  ],
  'distrokid.json': [
    'Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\tSong/Album\t' +
      'Country of Sale\tSongwriter Royalties Withheld\tEarnings (USD)',
    'Date Inserted\tReporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\tSource Type\t' +
      'Country of Sale\tSongwriter Royalties Withheld (USD)\tEarnings (USD)\tRecoup (USD)',
  ],
  'tunecore.json': [
    'Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Type,Release Title,Song Title,Label,UPC,' +
      'Optional UPC,TC Song ID,Optional ISRC,Sales Type,# Units Sold,Per Unit Price,Net Sales,Net Sales Currency,' +
      'Exchange Rate,Total Earned,Currency',
  ],
  'cdbaby.json': [
    'Report Date\tSales Date\tQuantity\tPrice\tSubtotal\tIsrc\tBarcode\tCDBabySku\tAlbum Name\tArtist Name\tTrack Name\t' +
      'Partner Name\tTransaction Type\tDelivery Country',
  ],
  'fuga.json': [
    'Sale Start date,Sale End date,DSP,Sale Store Name,Sale Type,Sale User Type,Territory,Product UPC,' +
      'Product Reference,Product Catalog Number,Product Label,Product Artist,Product Title,Asset Artist,Asset Title,' +
      'Asset Version,Asset Duration,Asset ISRC,Asset Reference,Asset/Product,Product Quantity,Asset Quantity,' +
      'Original Gross Income,Original currency,Exchange Rate,Converted Gross Income,Contract deal term,' +
      'Reported Royalty,Currency,Report Run ID,Report ID',
  ],
  'apple.json': [
    'Start Date\tEnd Date\tUPC\tISRC/ISBN\tVendor Identifier\tQuantity\tPartner Share\tExtended Partner Share\t' +
      'Partner Share Currency\tSales or Return\tApple Identifier\tArtist/Show/Developer/Author\tTitle\t' +
      'Label/Studio/Network/Developer/Publisher\tGrid\tProduct Type Identifier\tISAN/Other Identifier\t' +
      'Country Of Sale\tPre-order Flag\tPromo Code\tCustomer Price\tCustomer Currency',
  ],
  // Of the table that a sales report is made.
  'dsr.json': [flatColumns.join('\t')],
};
