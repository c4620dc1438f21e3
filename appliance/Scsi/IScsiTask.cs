namespace VSan.Scsi;

/// <summary>The transport's side of a command: it brings the data and takes the status. Ring thread only.</summary>
public interface IScsiTask
{
    /// <summary>A buffer is there; the transport fills <see cref="ScsiCommand.DataOutLength"/> bytes and says <see cref="ScsiCommand.DataOutArrived"/>.</summary>
    void OnDataOutWanted();

    /// <summary>Status, sense and data-in are final. Once for each started command, possibly from inside the start.</summary>
    void OnCompleted();
}
