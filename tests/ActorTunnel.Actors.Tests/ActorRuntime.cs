// The one file that names the actor library. ActorRuntime.Akka.cs replaces it with -p:ActorRuntime=Akka.
// Aliases, because Akka.Actor as a whole would bring names that mean something else here (Failure, Watch, Debug).
#pragma warning disable IDE0005 // The list says what may be used, not what is used at the moment.
global using ActorBase = ActorTunnel.Actors.ActorBase;
global using ActorInitializationException = ActorTunnel.Actors.ActorInitializationException;
global using ActorPath = ActorTunnel.Actors.ActorPath;
global using ActorRefs = ActorTunnel.Actors.ActorRefs;
global using ActorSystem = ActorTunnel.Actors.ActorSystem;
global using AkkaException = ActorTunnel.Actors.AkkaException;
global using AllDeadLetters = ActorTunnel.Actors.AllDeadLetters;
global using AskTimeoutException = ActorTunnel.Actors.AskTimeoutException;
global using DeadLetter = ActorTunnel.Actors.DeadLetter;
global using DeathPactException = ActorTunnel.Actors.DeathPactException;
global using Directive = ActorTunnel.Actors.Directive;
global using Error = ActorTunnel.Actors.Error;
global using EventStream = ActorTunnel.Actors.EventStream;
global using IActorContext = ActorTunnel.Actors.IActorContext;
global using IActorRef = ActorTunnel.Actors.IActorRef;
global using IActorRefFactory = ActorTunnel.Actors.IActorRefFactory;
global using ICanTell = ActorTunnel.Actors.ICanTell;
global using IDeadLetterSuppression = ActorTunnel.Actors.IDeadLetterSuppression;
global using InvalidActorNameException = ActorTunnel.Actors.InvalidActorNameException;
global using LogEvent = ActorTunnel.Actors.LogEvent;
global using OneForOneStrategy = ActorTunnel.Actors.OneForOneStrategy;
global using PoisonPill = ActorTunnel.Actors.PoisonPill;
global using PostRestartException = ActorTunnel.Actors.PostRestartException;
global using Props = ActorTunnel.Actors.Props;
global using ReceiveActor = ActorTunnel.Actors.ReceiveActor;
global using Status = ActorTunnel.Actors.Status;
global using SupervisorStrategy = ActorTunnel.Actors.SupervisorStrategy;
global using SuppressedDeadLetter = ActorTunnel.Actors.SuppressedDeadLetter;
global using Terminated = ActorTunnel.Actors.Terminated;
global using UnhandledMessage = ActorTunnel.Actors.UnhandledMessage;
global using Warning = ActorTunnel.Actors.Warning;
global using static ActorTunnel.Actors.ActorRefImplicitSenderExtensions;
global using static ActorTunnel.Actors.Futures;
global using static ActorTunnel.Actors.GracefulStopSupport;
global using static ActorTunnel.Actors.PipeToSupport;
