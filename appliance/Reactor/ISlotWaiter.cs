namespace VSan.Reactor;

/// <summary>Somebody who found every slot of a ring taken and stands in line for one.</summary>
public interface ISlotWaiter
{
    /// <summary>A slot is free: try again. Ring thread, before the application's end of turn.</summary>
    void OnSlotFree();
}
