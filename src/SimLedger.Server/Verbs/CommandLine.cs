using System.CommandLine;
using SimLedger.Server.Hosting;

namespace SimLedger.Server.Verbs;

/// <summary>The program's verbs. Exit codes: 0 done, 1 it could not be done or something was found wrong, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const int WrongUsage = 2;

    public static async Task<int> Run(string[] args)
    {
        var root = Verbs();
        var parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
        if (parsed.Errors.Count > 0)
        {
            var wrong = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not known here." : parsed.Errors[0].Message;
            await Console.Error.WriteLineAsync($"simledger: {wrong} See --help.");
            return WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (SetupException error)
        {
            await Console.Error.WriteLineAsync($"simledger: {error.Message}");
            return 1;
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync($"simledger: {error.Message}");
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("simledger: stopped.");
            return 130;
        }
        catch (Npgsql.NpgsqlException error)
        {
            await Console.Error.WriteLineAsync($"simledger: the database failed: {error.Message}");
            return 1;
        }
    }

    private static RootCommand Verbs()
    {
        var root = new RootCommand("SimLedger keeps the record of an organisation's phone numbers: what is due by when, and who did what.");

        root.Add(Verb("serve", "Serve the HTTP API (the default). Starts its own PostgreSQL unless ConnectionStrings__SimLedger is set.", (_, cancel) => ServeVerb.Run(cancel)));
        root.Add(Verb("demo", "Serve with an organisation 'demo' and a fleet to look at.", (_, cancel) => DemoVerb.Run(cancel)));
        root.Add(Verb("migrate", "Bring schema and shipped rule packs up to date.", (_, cancel) => MigrateVerb.Run(cancel)));

        var name = new Argument<string>("NAME") { Description = "1 to 40 lower-case letters, digits and hyphens." };
        var tenant = new Command("tenant", "Organisations.");
        tenant.Add(Verb("create", "Create an organisation; prints its first API key on the last line.", (parsed, cancel) => TenantVerb.Create(parsed.GetRequiredValue(name), cancel), name));
        tenant.Add(Verb("list", "List the organisations.", (_, cancel) => TenantVerb.List(cancel)));
        var keys = new Argument<string>("KEYS") { HelpName = "required|optional", Description = "Whether requests that record something must bring an Idempotency-Key." };
        tenant.Add(Verb("idempotency", "Require idempotency keys of an organisation (the default), or let them be left out.", (parsed, cancel) => TenantVerb.Idempotency(parsed.GetRequiredValue(name), parsed.GetRequiredValue(keys), cancel), name, keys));
        root.Add(tenant);

        var owner = new Option<string>("--tenant") { Required = true, HelpName = "NAME", Description = "The organisation." };
        var keyName = new Option<string>("--name") { Required = true, HelpName = "NAME", Description = "What the key is for." };
        var scopes = new Option<string[]>("--scopes") { HelpName = "read,write", Description = "Default: read,write.", AllowMultipleArgumentsPerToken = true };
        var keyId = new Argument<string>("ID");
        var key = new Command("key", "API keys of an organisation.");
        key.Add(Verb("create", "Create a key; prints it on the last line, once.", (parsed, cancel) => KeyVerb.Create(parsed.GetRequiredValue(owner), parsed.GetRequiredValue(keyName), parsed.GetValue(scopes), cancel), owner, keyName, scopes));
        key.Add(Verb("list", "List the keys, without the keys themselves.", (parsed, cancel) => KeyVerb.List(parsed.GetRequiredValue(owner), cancel), owner));
        key.Add(Verb("revoke", "Revoke a key; it ends at once.", (parsed, cancel) => KeyVerb.Revoke(parsed.GetRequiredValue(owner), parsed.GetRequiredValue(keyId), cancel), owner, keyId));
        root.Add(key);

        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne };
        var report = new Option<string?>("--report") { HelpName = "FILE", Description = "Write what became of every row into this CSV file." };
        var undo = new Option<string?>("--undo") { HelpName = "ID", Description = "Instead: take an import back, by the id that it printed, or its job." };
        var force = new Option<bool>("--force") { Description = "With --undo: also cards on which others have recorded facts since." };
        root.Add(Verb("import", "Bring a fleet file in (CSV, canonical columns), or take an import back.", (parsed, cancel) => (parsed.GetValue(file), parsed.GetValue(undo)) switch
        {
            ({ } given, null) => ImportVerb.Run(given, parsed.GetRequiredValue(owner), parsed.GetValue(report), cancel),
            (null, { } id) => UndoImportVerb.Run(id, parsed.GetRequiredValue(owner), parsed.GetValue(force), cancel),
            _ => throw new UsageException("Give a FILE to import, or --undo ID."),
        }, file, owner, report, undo, force));

        var only = new Option<string?>("--tenant") { HelpName = "NAME", Description = "Only this organisation." };
        root.Add(Verb("verify", "Recompute the audit chain and name the first break.", (parsed, cancel) => VerifyVerb.Run(parsed.GetValue(only), cancel), only));
        root.Add(Verb("rebuild", "Compute the due list anew from the facts.", (parsed, cancel) => RebuildVerb.Run(parsed.GetValue(only), cancel), only));

        var rules = new Command("rules", "Rule packs and their vectors.");
        var checkedFiles = new Argument<string[]>("FILE") { Description = "Files of vectors, or rule packs.", Arity = ArgumentArity.OneOrMore };
        rules.Add(Verb("check", "Run files of vectors, or say whether rule packs can be used.", (parsed, _) => RulesCheckVerb.Run(parsed.GetRequiredValue(checkedFiles)), checkedFiles));
        var linted = new Argument<string[]>("FILE") { Description = "Rule packs, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "Warnings fail too." };
        var today = new Option<string?>("--today") { HelpName = "DATE", Description = "Judge as on this day: 2026-11-21. Default: today." };
        rules.Add(Verb("lint", "Say all that is wrong or doubtful in rule packs.", (parsed, _) => RulesLintVerb.Run(parsed.GetRequiredValue(linted), parsed.GetValue(strict), parsed.GetValue(today)), linted, strict, today));
        var vectors = new Argument<string>("FILE") { Description = "A file of vectors." };
        var vector = new Option<string?>("--vector") { HelpName = "NAME", Description = "The vector to explain; without it the names are listed." };
        rules.Add(Verb("explain", "Show step by step how a vector is evaluated.", (parsed, _) => RulesExplainVerb.Run(parsed.GetRequiredValue(vectors), parsed.GetValue(vector)), vectors, vector));
        var published = new Argument<string>("FILE") { Description = "A rule pack." };
        var confirm = new Option<bool>("--confirm") { Description = "Do it; without, only what it would do to the lines is told." };
        rules.Add(Verb("publish", "Publish a rule pack for all organisations, after telling its impact.", (parsed, cancel) => SharedRulesVerb.Publish(parsed.GetRequiredValue(published), parsed.GetValue(confirm), cancel), published, confirm));
        var withdrawn = new Argument<string>("CODE") { Description = "A carrier's code, such as ph-tm." };
        rules.Add(Verb("withdraw", "Withdraw a rule pack that all share, after telling its impact.", (parsed, cancel) => SharedRulesVerb.Withdraw(parsed.GetRequiredValue(withdrawn), parsed.GetValue(confirm), cancel), withdrawn, confirm));
        root.Add(rules);
        return root;
    }

    private static Command Verb(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var verb = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) verb.Add(argument);
            else if (symbol is Option option) verb.Add(option);
        }
        verb.SetAction(run);
        return verb;
    }
}

/// <summary>The command was well-formed but what it names is not there or not usable.</summary>
internal sealed class UsageException(string message) : Exception(message);
