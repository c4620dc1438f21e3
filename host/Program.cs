using VSan.HostAgent.Commands;

return await HostCommands.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
