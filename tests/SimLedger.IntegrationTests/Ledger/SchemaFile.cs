using System.Text;
using Npgsql;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>docs/schema.sql shows the schema as the migrations leave it, so that a reader need not add them up and a change shows what it changes.</summary>
public sealed class SchemaFile
{
    private const string Refresh = "SIMLEDGER_WRITE_SCHEMA";

    private const string Heading = $"""
        -- The schema as all migrations together leave it. Made from the catalogue, never edited; the same on every PostgreSQL that is supported.
        -- After a new migration: {Refresh}=1 dotnet test tests/SimLedger.IntegrationTests --filter SchemaFile
        -- For reading: a database is made by the `migrate` verb.

        """;

    // Left out is what PostgreSQL's versions tell in different ways: NOT NULL as a constraint (18), the owner's own rights (17 has one more).
    private const string DescriptionSql = """
        with relation as (
            select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions, c.relrowsecurity, c.relforcerowsecurity
            from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')),
        grantee (oid, name) as (select 0::oid, 'public' union all select oid, rolname::text from pg_roles),
        part (object, rank, name, text) as (
            select r.relname, 0, '', format(E'create table %I (\n%s\n)%s;', r.relname, concat_ws(E',\n',
                (select string_agg(format('    %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                        (select format(' collate %I', l.collname) from pg_collation l, pg_type t
                         where l.oid = a.attcollation and t.oid = a.atttypid and t.typcollation <> a.attcollation),
                        (select ' default ' || pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = r.oid and d.adnum = a.attnum),
                        case when a.attnotnull then ' not null' end), E',\n' order by a.attnum)
                 from pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped),
                (select string_agg(format('    constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), E',\n' order by k.contype <> 'p', k.contype, k.conname)
                 from pg_constraint k where k.conrelid = r.oid and k.contype <> 'n')),
                ' with (' || array_to_string(r.reloptions, ', ') || ')')
            from relation r where r.relkind <> 'v'
            union all
            select r.relname, 0, '', format(E'create view %I%s as\n%s', r.relname, ' with (' || array_to_string(r.reloptions, ', ') || ')', pg_get_viewdef(r.oid))
            from relation r where r.relkind = 'v'
            union all
            select r.relname, 1, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) || ';' from relation r join pg_index i on i.indrelid = r.oid
            where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = r.oid)
            union all
            select r.relname, 2, a.attname, format('alter table %I alter column %I set (%s);', r.relname, a.attname, array_to_string(a.attoptions, ', '))
            from relation r join pg_attribute a on a.attrelid = r.oid where a.attoptions is not null
            union all
            select r.relname, 2, '', concat_ws(E'\n', case when r.relrowsecurity then format('alter table %I enable row level security;', r.relname) end,
                case when r.relforcerowsecurity then format('alter table %I force row level security;', r.relname) end)
            from relation r where r.relrowsecurity or r.relforcerowsecurity
            union all
            select r.relname, 3, p.policyname, format('create policy %I on %I as %s for %s to %s%s%s;', p.policyname, r.relname, lower(p.permissive), lower(p.cmd),
                array_to_string(array(select name from unnest(p.roles) name order by name), ', '), E'\n    using (' || p.qual || ')', E'\n    with check (' || p.with_check || ')')
            from relation r join pg_policies p on p.schemaname = 'public' and p.tablename = r.relname
            union all
            select g.relname, 4, g.name, format('grant %s on %I to %I;', string_agg(g.right, ', ' order by g.right), g.relname, g.name)
            from (select r.relname, e.name, lower(a.privilege_type) as right from relation r, aclexplode(r.relacl) a join grantee e on e.oid = a.grantee
                  where a.grantee <> r.relowner
                  union all
                  select r.relname, e.name, format('%s (%I)', lower(a.privilege_type), t.attname)
                  from relation r join pg_attribute t on t.attrelid = r.oid, aclexplode(t.attacl) a join grantee e on e.oid = a.grantee where a.grantee <> r.relowner) g
            group by g.relname, g.name
            union all
            select '~' || p.proname, 0, pg_get_function_identity_arguments(p.oid), rtrim(pg_get_functiondef(p.oid), E'\n') || ';' || coalesce(E'\n' || (
                select string_agg(format('grant execute on function %s to %I;', p.oid::regprocedure, e.name), E'\n' order by e.name)
                from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a join grantee e on e.oid = a.grantee where a.grantee <> p.proowner), '')
            from pg_proc p where p.pronamespace = 'public'::regnamespace)
        select string_agg(case when rank = 0 then E'\n' else '' end || text, E'\n' order by object collate "C", rank, name collate "C") from part
        """;

    [Fact]
    public async Task It_shows_the_schema_as_the_migrations_leave_it()
    {
        var database = await TestDatabase.Create();
        await using var connection = new NpgsqlConnection(database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(DescriptionSql, connection);
        var description = (Heading + (string)(await command.ExecuteScalarAsync())! + "\n").ReplaceLineEndings("\n");
        var path = Path.Combine(Root(AppContext.BaseDirectory), "docs", "schema.sql");

        if (Environment.GetEnvironmentVariable(Refresh) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, description, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        var committed = File.Exists(path) ? (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n") : "";

        var (made, kept) = (description.Split('\n'), committed.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(made.Length, kept.Length)).FirstOrDefault(i => Line(made, i) != Line(kept, i), -1);
        Assert.True(at < 0, $"docs/schema.sql differs from what the migrations leave, first in line {at + 1}.\nFile:       {Line(kept, at)}\nMigrations: {Line(made, at)}\n"
            + $"If the migrations are right, write it anew with {Refresh}=1 dotnet test tests/SimLedger.IntegrationTests --filter SchemaFile and commit it with them.");
    }

    private static string Line(string[] lines, int i) => i >= 0 && i < lines.Length ? lines[i] : "(end)";

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "SimLedger.sln"))
        ? folder
        : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the repository: no SimLedger.sln above them."));
}
