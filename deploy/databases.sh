#!/usr/bin/env bash
# Makes the database and the two roles of each service that has none yet. PostgreSQL's image runs it at the first start;
# for a service added later: docker compose exec postgres bash /docker-entrypoint-initdb.d/databases.sh
set -euo pipefail

for service in identity royalties accounting; do
  exists=$(psql -U postgres -tAc "SELECT 1 FROM pg_database WHERE datname = '$service'")
  if [[ -n $exists ]]; then continue; fi
  password="${service^^}_PASSWORD"
  owner_password="${service^^}_OWNER_PASSWORD"
  psql -U postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --set service="$service" --set owner="${service}_owner" \
    --set service_password="${!password}" --set owner_password="${!owner_password}" \
    --file /service-database.sql
done
