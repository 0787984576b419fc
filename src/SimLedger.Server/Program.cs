using SimLedger.Server.Verbs;

return await CommandLine.Run(args);
