using VSan.Cli;

return await CommandTree.RunAsync(args, CommandEnvironment.OfProcess());
