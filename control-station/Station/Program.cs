using VSan.Station.Verbs;

return await StationCommand.RunAsync(args);
